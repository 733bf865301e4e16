function handler(event) {
    const kinds = [Error, TypeError, RangeError, ReferenceError, SyntaxError, URIError, EvalError];
    console.log(kinds.map((K) => { const e = new K('m'); return String(e) + (e instanceof Error); }).join('; '));
    const e = new Error('x');
    e.name = 'Custom';
    e.code = 7;
    console.log([String(e), e.code, Object.prototype.toString.call(e), String(new Error()), typeof e.message].map(String).join(' '));
    return event.request;
}
