function handler(event) {
    const bytes = new Uint8Array([1, 2, 300]);
    const view = new DataView(new ArrayBuffer(8));
    view.setUint16(0, 258);
    view.setFloat32(4, 1.5, true);
    console.log([bytes.join(), view.getUint8(0), view.getUint8(1), view.getFloat32(4, true), view.byteLength].map(String).join(' '));
    console.log([new Uint8ClampedArray([300, -5]).join(), new Int16Array(bytes.buffer.slice(0, 2))[0], bytes.subarray(1).length, Array.prototype.map.call(bytes, (x) => x + 1).join()].map(String).join(' '));
    const floats = new Float64Array(2);
    floats.set([1.5, 2.5]);
    console.log([floats.join(), floats.BYTES_PER_ELEMENT, floats.byteLength].map(String).join(' '));
    return event.request;
}
