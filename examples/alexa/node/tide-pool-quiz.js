// Tide Pool Quiz, as in ../tide-pool-quiz/lambda: all it knows of a game is in the session.

'use strict';

const Alexa = require('ask-sdk-core');

const QUESTIONS = { // id of the creature: question, hint
    'hermit-crab': ['Who moves house when it has grown?', 'It borrows the shells of snails.'],
    starfish: ['Who can grow back an arm?', 'It has five of them, mostly.'],
    limpet: ['Who returns to its own spot on the rock?', 'It looks like a tiny pointed hat.'],
    anemone: ['Who looks like a flower and stings?', 'Clown fish like to live with it.'],
    urchin: ['Who walks on its spines?', 'It is round like a hedgehog.'],
};
const NAMES = { anemone: 'sea anemone', urchin: 'sea urchin', 'hermit-crab': 'hermit crab' };
const ROUNDS = 3;

const session = (input) => input.attributesManager.getSessionAttributes();
const keep = (input, game) => input.attributesManager.setSessionAttributes(game);
const isOpen = (input) => Boolean((session(input).open || []).length);
const isIntent = (input, ...names) => (
    Alexa.getRequestType(input.requestEnvelope) === 'IntentRequest'
    && names.includes(Alexa.getIntentName(input.requestEnvelope))
);

function ask(input, before = '') {
    const [question] = QUESTIONS[session(input).open[0]];
    const speech = before ? `${before}<break time="300ms"/>${question}` : question;
    return input.responseBuilder.speak(speech).reprompt(question).getResponse();
}

function goOn(input, before) {
    const game = session(input);
    game.open = game.open.slice(1);
    game.over = !game.open.length;
    keep(input, game);
    if (!game.over) {
        return ask(input, before);
    }
    const score = `You knew ${game.score} of ${ROUNDS}.`;
    return input.responseBuilder
        .speak(`${before} ${score} Another round?`)
        .reprompt('Another round?')
        .withSimpleCard('Tide Pool Quiz', score)
        .getResponse();
}

const Start = {
    canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'LaunchRequest'
        || isIntent(input, 'StartQuizIntent')
        || (isIntent(input, 'AMAZON.YesIntent') && Boolean(session(input).over)),
    handle(input) {
        const open = Object.keys(QUESTIONS)
            .map((id) => [Math.random(), id])
            .sort()
            .slice(0, ROUNDS)
            .map(([, id]) => id);
        keep(input, { open, score: 0, over: false });
        return ask(input, 'Welcome to the tide pool.');
    },
};

const Answer = {
    canHandle: (input) => isIntent(input, 'AnswerIntent') && isOpen(input),
    handle(input) {
        const slot = Alexa.getSlot(input.requestEnvelope, 'creature');
        const authorities = (slot.resolutions || {}).resolutionsPerAuthority || [];
        const said = authorities.flatMap((each) => (each.values || []).map(({ value }) => value.id));
        if (!said.length) {
            return ask(input, slot.value ? `No ${slot.value} lives here.` : 'Sorry?');
        }
        const game = session(input);
        const right = game.open[0];
        if (!said.includes(right)) {
            return goOn(input, `No, it is the ${NAMES[right] || right}.`);
        }
        game.score += 1;
        keep(input, game);
        return goOn(input, '<emphasis>Right!</emphasis>');
    },
};

const Hint = {
    canHandle: (input) => isIntent(input, 'HintIntent') && isOpen(input),
    handle(input) {
        const words = QUESTIONS[session(input).open[0]][1];
        input.responseBuilder.withStandardCard('A hint', words);
        return ask(input, words);
    },
};

const Skip = {
    canHandle: (input) => isIntent(input, 'SkipIntent') && isOpen(input),
    handle(input) {
        const right = session(input).open[0];
        return goOn(input, `It is the ${NAMES[right] || right}.`);
    },
};

const Stop = {
    canHandle: (input) => isIntent(input, 'AMAZON.StopIntent', 'AMAZON.CancelIntent')
        || (isIntent(input, 'AMAZON.NoIntent') && Boolean(session(input).over)),
    handle: (input) => input.responseBuilder
        .speak('Mind the tide!')
        .withShouldEndSession(true)
        .getResponse(),
};

const Ended = {
    canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'SessionEndedRequest',
    handle: (input) => input.responseBuilder.getResponse(),
};

const AnythingElse = {
    canHandle: () => true,
    handle(input) {
        if (isOpen(input)) {
            return ask(input, 'Name a creature, or ask for a hint.');
        }
        const said = 'Say: start a tide pool quiz.';
        return input.responseBuilder.speak(said).reprompt(said).getResponse();
    },
};

module.exports = Alexa.SkillBuilders.custom()
    .addRequestHandlers(Start, Answer, Hint, Skip, Stop, Ended, AnythingElse)
    .create();
