function handler(event) {
    const s = Symbol('mark');
    const o = { [s]: 1, plain: 2 };
    console.log([o[s], Object.keys(o).join(), s.toString(), s.description, Symbol.for('k') === Symbol.for('k')].map(String).join(' '));
    try { s + ''; } catch (e) { console.log(e.name); }
    return event.request;
}
