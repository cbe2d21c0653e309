// Puppet Theatre, as in ../puppet-theatre/lambda: what is missing is left to the assistant.

'use strict';

const Alexa = require('ask-sdk-core');

const PLAYS = {
    moon: 'The Stubborn Moon',
    fox: 'Three Hats for a Fox',
    soup: 'The Nail Soup',
};
const MOST = 8; // seats at once

const intentOf = (input) => input.requestEnvelope.request.intent;
const isIntent = (input, ...names) => (
    Alexa.getRequestType(input.requestEnvelope) === 'IntentRequest'
    && names.includes(Alexa.getIntentName(input.requestEnvelope))
);

// Id of the play that is meant, if it is known.
function playOf(slots = {}) {
    const authorities = ((slots.play || {}).resolutions || {}).resolutionsPerAuthority || [];
    return authorities.flatMap((each) => (each.values || []).map(({ value }) => value.id))[0];
}

// Whether somebody who names no skill may mean this one: they do who name one of its plays.
const CanFulfill = {
    canHandle: (input) => (
        Alexa.getRequestType(input.requestEnvelope) === 'CanFulfillIntentRequest'
    ),
    handle(input) {
        const { name, slots = {} } = intentOf(input);
        const known = playOf(slots) !== undefined;
        const named = name === 'BookSeatsIntent' && slots.play && slots.play.value;
        const verdict = named ? (known ? 'YES' : 'NO') : 'MAYBE';
        const told = Object.values(slots).filter(({ value }) => value).map((slot) => [slot.name, {
            canUnderstand: slot.name !== 'play' || known ? 'YES' : 'NO',
            canFulfill: 'YES',
        }]);
        return input.responseBuilder
            .withCanFulfillIntent({ canFulfill: verdict, slots: Object.fromEntries(told) })
            .getResponse();
    },
};

// Its own rule first (not too many seats); the rest is asked by the dialog model.
const StillAsking = {
    canHandle: (input) => isIntent(input, 'BookSeatsIntent')
        && Alexa.getDialogState(input.requestEnvelope) !== 'COMPLETED',
    handle(input) {
        const intent = intentOf(input);
        if (Number(intent.slots.seats.value) > MOST) {
            const question = `I have ${MOST} seats at most. How many would you like?`;
            return input.responseBuilder
                .speak(question)
                .reprompt(question)
                .addElicitSlotDirective('seats', intent)
                .getResponse();
        }
        return input.responseBuilder.addDelegateDirective(intent).getResponse();
    },
};

// A progressive response: heard at once, where somebody takes it; else it does no harm.
async function sayMeanwhile(input, speech) {
    const header = { requestId: input.requestEnvelope.request.requestId };
    const directive = { type: 'VoicePlayer.Speak', speech };
    try {
        const service = input.serviceClientFactory.getDirectiveServiceClient();
        await service.enqueue({ header, directive });
    } catch (error) {
        console.log('nobody hears:', error.message);
    }
}

const Book = {
    canHandle: (input) => isIntent(input, 'BookSeatsIntent'),
    async handle(input) {
        const { confirmationStatus, slots } = intentOf(input);
        const builder = input.responseBuilder.withShouldEndSession(true);
        if (confirmationStatus === 'DENIED') {
            return builder.speak('Nothing is booked.').getResponse();
        }
        await sayMeanwhile(input, 'One moment, I look for <b>seats</b>.');
        const title = PLAYS[playOf(slots)];
        const said = `Booked: ${slots.seats.value} seats for ${title} on ${slots.day.value}.`;
        return builder.speak(said).withSimpleCard('Your seats', said).getResponse();
    },
};

const ListPlays = {
    canHandle: (input) => isIntent(input, 'ListPlaysIntent'),
    handle(input) {
        const question = 'Which one would you like to see?';
        return input.responseBuilder
            .speak(`We play ${Object.values(PLAYS).join(', ')}. ${question}`)
            .reprompt(question)
            .getResponse();
    },
};

const Ended = {
    canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'SessionEndedRequest',
    handle: (input) => input.responseBuilder.getResponse(),
};

const AnythingElse = {
    canHandle: () => true,
    handle(input) {
        if (isIntent(input, 'AMAZON.StopIntent', 'AMAZON.CancelIntent')) {
            return input.responseBuilder
                .speak('Curtain.')
                .withShouldEndSession(true)
                .getResponse();
        }
        const said = 'Say for example: two seats for The Stubborn Moon tomorrow.';
        return input.responseBuilder.speak(said).reprompt(said).getResponse();
    },
};

module.exports = Alexa.SkillBuilders.custom()
    .withApiClient(new Alexa.DefaultApiClient())
    .addRequestHandlers(CanFulfill, StillAsking, Book, ListPlays, Ended, AnythingElse)
    .create();
