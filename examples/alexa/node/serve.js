// The four skills as a web service, with Amazon's ask-sdk-express-adapter.
//
//     npm ci
//     node serve.js --port 5001
//     node serve.js --port 5001 --certificate home/signing/chain.pem
//
// With a certificate, requests that Sayso did not sign with its key are refused, and so are old ones
// and those that come twice.

'use strict';

const { parseArgs } = require('util');
const express = require('express');
const { ExpressAdapter } = require('ask-sdk-express-adapter');
const { Verifier } = require('./verifier');

const SKILLS = {
    'tide-pool-quiz': require('./tide-pool-quiz'),
    'puppet-theatre': require('./puppet-theatre'),
    'lost-lighthouse': require('./lost-lighthouse'),
    'water-log': require('./water-log'),
};

function application(certificate) {
    const app = express();
    for (const [name, skill] of Object.entries(SKILLS)) {
        // The SDK's own verifier trusts Amazon's certificates alone. The time is checked either way.
        const ours = certificate ? [new Verifier(certificate)] : [];
        app.post(`/${name}`, new ExpressAdapter(skill, false, true, ours).getRequestHandlers());
    }
    return app;
}

const { values } = parseArgs({
    options: {
        port: { type: 'string', default: '5001' },
        certificate: { type: 'string' },
    },
});
const server = application(values.certificate).listen(Number(values.port), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
