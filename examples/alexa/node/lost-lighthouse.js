// Lost Lighthouse, as in ../lost-lighthouse/lambda: each room sets the things that can be named in it.

'use strict';

const Alexa = require('ask-sdk-core');

const ROOMS = [ // what is said of it, and its things: id -> names, the first one is its own
    [
        'You stand in a cellar. There are a brass key and a barrel of herrings.',
        { key: ['brass key', 'old key'], herrings: ['barrel of herrings', 'fish'] },
    ],
    [
        'You are in the keeper\'s room. There are a cuckoo clock and a box of matches.',
        { clock: ['cuckoo clock'], matches: ['box of matches', 'matchbox'] },
    ],
    ['You are at the top. Here stands the great lamp.', { lamp: ['great lamp', 'lantern'] }],
];
const NEEDED = ['key', 'matches']; // what opens the stairs of a room
const QUESTION = 'What do you do?';

const session = (input) => input.attributesManager.getSessionAttributes();
const keep = (input, game) => input.attributesManager.setSessionAttributes(game);
const isPlaying = (input) => session(input).place !== undefined;
const isIntent = (input, ...names) => (
    Alexa.getRequestType(input.requestEnvelope) === 'IntentRequest'
    && names.includes(Alexa.getIntentName(input.requestEnvelope))
);
const say = (input, words) => input.responseBuilder
    .speak(`${words} ${QUESTION}`)
    .reprompt(QUESTION)
    .getResponse();

function enter(input, game, before = '') {
    keep(input, game);
    const [told, things] = ROOMS[game.place];
    const values = Object.entries(things).map(([id, [value, ...synonyms]]) => (
        { id, name: { value, synonyms } }
    ));
    input.responseBuilder.addDirective({
        type: 'Dialog.UpdateDynamicEntities',
        updateBehavior: 'REPLACE',
        types: [{ name: 'THING', values }],
    });
    return say(input, `${before} ${told}`.trim());
}

const Start = {
    canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'LaunchRequest'
        || isIntent(input, 'PlayIntent'),
    handle: (input) => enter(input, { place: 0, taken: [] }, 'The door falls shut behind you.'),
};

const Take = {
    canHandle: (input) => isIntent(input, 'TakeIntent') && isPlaying(input),
    handle(input) {
        const game = session(input);
        const slot = Alexa.getSlot(input.requestEnvelope, 'thing');
        const authorities = (slot.resolutions || {}).resolutionsPerAuthority || [];
        const known = authorities.flatMap((each) => (each.values || []).map(({ value }) => (
            { id: value.id, dynamic: each.authority.includes('dynamic') }
        )));
        const here = ROOMS[game.place][1];
        const found = known.find(({ id, dynamic }) => dynamic && here[id]);
        if (!found) {
            const where = known.length ? 'You have no use for' : 'There is no';
            return say(input, `${where} ${slot.value} here.`);
        }
        if (found.id === 'lamp') {
            return input.responseBuilder
                .speak('You light the lamp. The ships are saved!')
                .addDirective({ type: 'Dialog.UpdateDynamicEntities', updateBehavior: 'CLEAR' })
                .withShouldEndSession(true)
                .getResponse();
        }
        if (game.taken.includes(found.id)) {
            return say(input, 'You have it already.');
        }
        keep(input, { ...game, taken: [...game.taken, found.id] });
        return say(input, `You take the ${here[found.id][0]}.`);
    },
};

const Climb = {
    canHandle: (input) => isIntent(input, 'ClimbIntent') && isPlaying(input),
    handle(input) {
        const game = session(input);
        if (game.place === NEEDED.length) {
            return say(input, 'There are no more stairs.');
        }
        if (!game.taken.includes(NEEDED[game.place])) {
            return say(input, 'The door to the stairs does not open. Something is missing.');
        }
        return enter(input, { ...game, place: game.place + 1 });
    },
};

const Look = {
    canHandle: (input) => isIntent(input, 'LookIntent', 'AMAZON.RepeatIntent') && isPlaying(input),
    handle: (input) => enter(input, session(input)),
};

const Stop = {
    canHandle: (input) => isIntent(input, 'AMAZON.StopIntent', 'AMAZON.CancelIntent'),
    handle: (input) => input.responseBuilder
        .speak('The fog swallows the lighthouse.')
        .withShouldEndSession(true)
        .getResponse(),
};

const Ended = {
    canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'SessionEndedRequest',
    handle: (input) => input.responseBuilder.getResponse(),
};

const AnythingElse = {
    canHandle: () => true,
    handle: (input) => say(input, 'You may look around, take something, or climb the stairs.'),
};

module.exports = Alexa.SkillBuilders.custom()
    .addRequestHandlers(Start, Take, Climb, Look, Stop, Ended, AnythingElse)
    .create();
