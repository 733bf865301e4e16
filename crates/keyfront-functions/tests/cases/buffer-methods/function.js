function handler(event) {
    const b = Buffer.from('abcdef');
    console.log([b.slice(1, 3).toString(), b.subarray(-2).toString(), b.indexOf('cd'), b.includes('zz'), b.lastIndexOf('f'), b.equals(Buffer.from('abcdef'))].map(String).join(' '));
    console.log([b.compare(Buffer.from('abd')), JSON.stringify(Buffer.from('hi')), b[0], Array.prototype.slice.call(b, 0, 2).join()].map(String).join(' '));
    const c = Buffer.alloc(8);
    c.writeUInt32BE(0xdeadbeef, 0);
    c.writeInt16LE(-2, 4);
    c.write('xy', 6);
    console.log([c.toString('hex'), c.readUInt32BE(0), c.readInt16LE(4), c.readUInt8(6), c.fill(1).toString('hex')].map(String).join(' '));
    b[0] = 65;
    b.swap16();
    console.log([b.toString(), b.copy(c, 1), c.toString('hex')].map(String).join(' '));
    return event.request;
}
