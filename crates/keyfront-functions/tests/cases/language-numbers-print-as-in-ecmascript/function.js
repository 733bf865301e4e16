function handler(event) {
    console.log([String(0.5 + 0.25), String(1e21), String(1 / 3), String(-0), String(123456789012345680000), String(1e-7)].map(String).join(' '));
    console.log([(255).toString(16), (0.5).toString(2), (1.005).toFixed(2), (1234.5678).toExponential(2), (0.00001234).toPrecision(2)].map(String).join(' '));
    console.log([Number('0x1f'), Number(' 12 '), Number(''), Number('1e3'), Number('1_000'), Number(null), Number([5]), Number('abc')].map(String).join(' '));
    console.log([parseInt('42px'), parseInt('0x1f'), parseInt('z', 36), parseFloat('3.14abc'), parseFloat('.5.5')].map(String).join(' '));
    return event.request;
}
