import { createHash } from 'crypto';

function handler(event) {
    return event.request;
}
