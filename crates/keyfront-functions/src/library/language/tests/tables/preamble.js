var u, n = null, s = 'str', num = Number('5'), one = Number('1'), zero = Number('0'), minus = Number('-1'),
    large = Number('1e10'), inf = Infinity, sym = Symbol('q'), o = { a: {} }, arr = ['x'],
    frozen = Object.freeze({ a: '1' }), frozenArray = Object.freeze(['x']),
    ms = Number('1707987600123'), date = new Date(ms), invalid = new Date(NaN),
    early = new Date(Number('-62293449600000')), far = new Date(Number('8640000000000000')),
    h = function () {};
function f() {}
