// Water Log, as in ../water-log/lambda: persistent attributes, in a file by an adapter of its own.
//
// On Amazon's servers one would take ask-sdk-dynamodb-persistence-adapter; three methods do the same.

'use strict';

const Alexa = require('ask-sdk-core');
const fs = require('fs/promises');
const path = require('path');

const FILE = path.join(process.env.SAYSO_DATA || '.', 'water-log.json');
const userOf = (envelope) => envelope.context.System.user.userId;

// The attributes of each user, as JSON, in one file. Changes wait for one another.
class FilePersistence {
    constructor() {
        this.last = Promise.resolve();
    }

    async read() {
        try {
            return JSON.parse(await fs.readFile(FILE, 'utf8'));
        } catch (error) {
            if (error.code === 'ENOENT') return {};
            throw error;
        }
    }

    change(how) {
        const done = this.last.then(async () => {
            const kept = how(await this.read());
            await fs.writeFile(`${FILE}.new`, JSON.stringify(kept));
            await fs.rename(`${FILE}.new`, FILE);
        });
        this.last = done.catch(() => {}); // one that fails holds up nobody else
        return done;
    }

    async getAttributes(envelope) {
        return (await this.read())[userOf(envelope)] || {};
    }

    saveAttributes(envelope, attributes) {
        return this.change((kept) => ({ ...kept, [userOf(envelope)]: attributes }));
    }

    deleteAttributes(envelope) {
        return this.change(({ [userOf(envelope)]: gone, ...others }) => others);
    }
}

const isIntent = (input, ...names) => (
    Alexa.getRequestType(input.requestEnvelope) === 'IntentRequest'
    && names.includes(Alexa.getIntentName(input.requestEnvelope))
);
const glasses = (number) => (number === 1 ? '1 glass' : `${number} glasses`);
const bye = (input, words) => input.responseBuilder
    .speak(words)
    .withShouldEndSession(true)
    .getResponse();

async function keep(input, change) {
    const kept = await input.attributesManager.getPersistentAttributes();
    change(kept);
    input.attributesManager.setPersistentAttributes(kept);
    await input.attributesManager.savePersistentAttributes();
    return kept;
}

const Welcome = {
    canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'LaunchRequest',
    async handle(input) {
        const { visits } = await keep(input, (kept) => { kept.visits = (kept.visits || 0) + 1; });
        const again = visits > 1 ? ` for the ${visits}. time` : '';
        const question = 'How many glasses of water did you drink?';
        return input.responseBuilder
            .speak(`Welcome${again}. ${question}`)
            .reprompt(question)
            .getResponse();
    },
};

const Drink = {
    canHandle: (input) => isIntent(input, 'DrinkIntent'),
    async handle(input) {
        const said = Number(Alexa.getSlotValue(input.requestEnvelope, 'glasses')) || 1;
        const { total } = await keep(input, (kept) => { kept.total = (kept.total || 0) + said; });
        return bye(input, `Noted. That makes ${glasses(total)}.`);
    },
};

const Total = {
    canHandle: (input) => isIntent(input, 'TotalIntent'),
    async handle(input) {
        const { total = 0 } = await input.attributesManager.getPersistentAttributes();
        return bye(input, `You drank ${glasses(total)} of water.`);
    },
};

const Clear = {
    canHandle: (input) => isIntent(input, 'ClearIntent'),
    handle(input) {
        input.attributesManager.setSessionAttributes({ clearing: true });
        return input.responseBuilder
            .speak('Forget all glasses?')
            .reprompt('Shall I forget all glasses?')
            .getResponse();
    },
};

const Yes = {
    canHandle: (input) => isIntent(input, 'AMAZON.YesIntent')
        && Boolean(input.attributesManager.getSessionAttributes().clearing),
    async handle(input) {
        await input.attributesManager.deletePersistentAttributes();
        return bye(input, 'The log is empty.');
    },
};

const Ended = {
    canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'SessionEndedRequest',
    handle: (input) => input.responseBuilder.getResponse(),
};

const AnythingElse = {
    canHandle: () => true,
    handle(input) {
        if (isIntent(input, 'AMAZON.StopIntent', 'AMAZON.CancelIntent', 'AMAZON.NoIntent')) {
            return bye(input, 'Cheers.');
        }
        const said = 'Say for example: I drank two glasses of water.';
        return input.responseBuilder.speak(said).reprompt(said).getResponse();
    },
};

module.exports = Alexa.SkillBuilders.custom()
    .withPersistenceAdapter(new FilePersistence())
    .addRequestHandlers(Welcome, Drink, Total, Clear, Yes, Ended, AnythingElse)
    .create();
