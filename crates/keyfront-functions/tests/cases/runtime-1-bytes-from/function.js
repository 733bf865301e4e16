function handler(event) {
    console.log([String.bytesFrom([104, 105]), String.bytesFrom('aGVsbG8=', 'base64'), String.bytesFrom('6869', 'hex')].map(String).join(' '));
    return event.request;
}
