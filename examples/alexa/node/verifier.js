// Does a request come from this Sayso, as it is, now, and for the first time?
//
// A verifier for ask-sdk-express-adapter, in the place of the SDK's own, which trusts Amazon alone:
//
//     new ExpressAdapter(skill, false, true, [new Verifier('chain.pem')])
//
// Node's own `crypto`, and nothing else.

'use strict';

const crypto = require('crypto');
const fs = require('fs');

const TOLERANCE_MS = 150 * 1000; // as Alexa has it: between two clocks, with the way there
const MOST_IDS = 100000; // requests remembered; beyond that, the service is flooded and refuses

class Verifier {
    // certificates: a PEM file; several in it are several senders, or an old and a new key of one.
    constructor(certificates, clock = Date.now) {
        const pem = fs.readFileSync(certificates, 'utf8');
        const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) || [];
        this.certificates = blocks.map((block) => new crypto.X509Certificate(block));
        if (!this.certificates.length) {
            throw new Error(`${certificates}: no certificate in it; take what "sayso signing" made`);
        }
        this.clock = clock;
        this.seen = new Map(); // request id -> when it came
    }

    // What the adapter calls: the body as it came, and its headers, in lower case.
    async verify(body, headers) {
        const now = this.clock();
        this.checkSignature(body, headers['signature-256'], now);
        const { requestId, timestamp } = JSON.parse(body).request || {};
        const sent = Date.parse(timestamp);
        if (!requestId || !(Math.abs(now - sent) <= TOLERANCE_MS)) {
            throw new Error(`the request is of ${timestamp}, and it is ${new Date(now).toISOString()}`);
        }
        this.remember(requestId, now);
    }

    checkSignature(body, signature, now) {
        if (!signature) {
            throw new Error('the request is not signed');
        }
        const made = Buffer.from(signature, 'base64');
        const known = this.certificates.some((certificate) => {
            const valid = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
            return valid && crypto.verify('sha256', Buffer.from(body), certificate.publicKey, made);
        });
        if (!known) {
            throw new Error('the signature is of none of the certificates that are valid now');
        }
    }

    // Only what was signed comes here, so that nobody else can fill the memory.
    remember(id, now) {
        for (const [oldest, came] of this.seen) {
            if (now - came <= 2 * TOLERANCE_MS) break; // it stays fresh as long, if its clock is ahead
            this.seen.delete(oldest);
        }
        if (this.seen.has(id)) {
            throw new Error(`the request ${id} has been here before`);
        }
        if (this.seen.size >= MOST_IDS) {
            throw new Error('too many requests to remember');
        }
        this.seen.set(id, now);
    }
}

module.exports = { Verifier };
