function handler(event) {
    console.log([Buffer.alloc(3).toString('hex'), Buffer.alloc(3, 'ab').toString(), Buffer.byteLength('é'), Buffer.byteLength('aGk=', 'base64')].map(String).join(' '));
    console.log([Buffer.concat([Buffer.from('a'), Buffer.from('bc')]).toString(), Buffer.isBuffer(Buffer.alloc(1)), Buffer.isBuffer(new Uint8Array(1)), Buffer.compare(Buffer.from('a'), Buffer.from('b'))].map(String).join(' '));
    console.log([Buffer.isEncoding('hex'), Buffer.isEncoding('latin1')].map(String).join(' '));
    return event.request;
}
