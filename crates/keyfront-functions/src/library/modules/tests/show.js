// What a case prints. njs and the engine run the same text, so it is in the language of both.
function quote(s) {
  var out = '"', i, c, d;
  for (i = 0; i < s.length; i++) {
    c = s.charCodeAt(i);
    d = s.charCodeAt(i + 1);
    if (c >= 0xd800 && c < 0xdc00 && d >= 0xdc00 && d < 0xe000) {
      c = 0x10000 + (c - 0xd800) * 0x400 + d - 0xdc00;
      i++;
    }
    out += c >= 32 && c < 127 && c !== 34 && c !== 92 ? String.fromCharCode(c) : '\\u{' + c.toString(16) + '}';
  }
  return out + '"';
}
function show(v) {
  var i, out = [], names, tag;
  if (typeof v === 'string') return quote(v);
  if (typeof v === 'number') return (v === 0 && 1 / v < 0) ? '-0' : String(v);
  if (typeof v === 'symbol') return 'symbol';
  if (v === null || typeof v === 'undefined' || typeof v === 'boolean') return String(v);
  if (typeof v === 'function') return 'function ' + v.name + '/' + v.length;
  if (v instanceof Error) return v.name + '(' + quote(v.message) + ')';
  tag = Object.prototype.toString.call(v).slice(8, -1);
  if (ArrayBuffer.isView(v) && typeof v.length === 'number') {
    for (i = 0; i < v.length; i++) out.push(show(v[i]));
    return tag + '[' + out.join(',') + ']';
  }
  if (Array.isArray(v)) {
    for (i = 0; i < v.length; i++) out.push(show(v[i]));
    return '[' + out.join(',') + ']';
  }
  names = Object.keys(v).sort();
  for (i = 0; i < names.length; i++) out.push(quote(names[i]) + ':' + show(v[names[i]]));
  return (tag === 'Object' ? '' : tag) + '{' + out.join(',') + '}';
}
function outcome(f) {
  try {
    return show(f());
  } catch (e) {
    return 'throws ' + show(e);
  }
}
// What a call gives and what it leaves of its object.
function after(b, f) {
  var r;
  try { r = f(b); } catch (e) { r = e; }
  return [r === b ? 'this' : r, b];
}
function each(list, f) {
  return list.map(function (x) { try { return f(x); } catch (e) { return e; } });
}
