import * as crypto from 'crypto';

function handler(event) {
    return event.request;
}
