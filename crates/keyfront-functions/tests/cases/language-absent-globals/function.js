function handler(event) {
    const names = ['Map', 'Set', 'WeakMap', 'WeakSet', 'Proxy', 'Reflect', 'Intl', 'URL', 'URLSearchParams', 'structuredClone', 'performance',
        'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'process', 'WeakRef', 'FinalizationRegistry', 'Atomics', 'SharedArrayBuffer', 'queueMicrotask', 'BigInt'];
    const found = [];
    const types = [typeof Map, typeof Set, typeof WeakMap, typeof WeakSet, typeof Proxy, typeof Reflect, typeof Intl, typeof URL, typeof URLSearchParams,
        typeof structuredClone, typeof performance, typeof fetch, typeof setTimeout, typeof setInterval, typeof setImmediate, typeof clearTimeout, typeof process,
        typeof WeakRef, typeof FinalizationRegistry, typeof Atomics, typeof SharedArrayBuffer, typeof queueMicrotask, typeof BigInt];
    for (let i = 0; i < names.length; i++) { if (types[i] !== 'undefined') { found.push(names[i]); } }
    console.log(['found:', found.join()].map(String).join(' '));
    return event.request;
}
