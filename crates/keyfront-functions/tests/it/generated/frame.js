import qs from 'querystring';
import crypto from 'crypto';

function quoted(text) {
    let out = '"';
    for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        out += unit >= 32 && unit < 127 && unit !== 92 ? text[i] : '\\u' + ('000' + unit.toString(16)).slice(-4);
    }
    return out + '"';
}

function shown(v, depth) {
    switch (typeof v) {
    case 'string': return quoted(v);
    case 'number': return v === 0 && 1 / v < 0 ? '-0' : String(v);
    case 'symbol': return v.toString();
    case 'function': return 'function';
    case 'object': break;
    default: return String(v);
    }
    if (v === null) { return 'null'; }
    if (depth > 4) { return '...'; }
    if (v instanceof Error) { return 'error ' + v.name; }
    if (v instanceof Date) { return 'date ' + v.getTime(); }
    if (v instanceof RegExp) { return 'regexp ' + v.source + ' ' + v.flags; }
    if (Buffer.isBuffer(v)) { return 'buffer ' + v.toString('hex'); }
    const inside = [];
    if (Array.isArray(v) || v instanceof Uint8Array || v instanceof Int16Array || v instanceof Uint8ClampedArray || v instanceof Float32Array) {
        for (let i = 0; i < v.length; i++) { inside.push(i in v ? shown(v[i], depth + 1) : 'hole'); }
        if (Array.isArray(v) && v.index !== undefined) { inside.push('index ' + v.index); }
        if (Array.isArray(v) && v.groups !== undefined) { inside.push('groups ' + shown(v.groups, depth + 1)); }
        return '[' + inside.join(', ') + ']';
    }
    Object.keys(v).forEach((k) => { inside.push(quoted(k) + ': ' + shown(v[k], depth + 1)); });
    return '{' + inside.join(', ') + '}';
}

function told(subject) {
    let v;
    try {
        v = subject();
    } catch (e) {
        console.log('threw');
        return 'threw ' + (e instanceof Error ? e.name : shown(e, 0));
    }
    try {
        console.log(v instanceof Error ? v.name : v);
    } catch (e) {
        console.log('cannot be logged');
    }
    try {
        return shown(v, 0);
    } catch (e) {
        return 'cannot be shown ' + (e instanceof Error ? e.name : typeof e);
    }
}

const subjects = [];
/* SUBJECTS */

function handler(event) {
    return { statusCode: 200, statusDescription: 'OK', body: subjects.map(told).join('\n') };
}
