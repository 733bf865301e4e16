function handler(event) {
    const b = Buffer.from('héllo');
    console.log([b.length, b.toString(), b.toString('hex'), b.toString('base64'), b.toString('base64url'), b.toString('utf8', 0, 3)].map(String).join(' '));
    console.log([Buffer.from('68656c6c6f', 'hex').toString(), Buffer.from('aGk_', 'base64url').toString('hex'), Buffer.from('aGk=', 'base64').toString()].map(String).join(' '));
    console.log([Buffer.from([1, 255, 256]).toString('hex'), Buffer.from(new Uint8Array([7, 8]).buffer).length, Buffer.from(Buffer.from('copy')).toString()].map(String).join(' '));
    return event.request;
}
