function handler(event) {
    console.log([typeof Object, typeof Array, typeof String, typeof Number, typeof Boolean, typeof Symbol, typeof Date, typeof RegExp, typeof Promise, typeof Math, typeof JSON,
        typeof Buffer, typeof TextEncoder, typeof TextDecoder, typeof atob, typeof btoa, typeof require, typeof console, typeof globalThis, typeof DataView, typeof ArrayBuffer].join());
    return event.request;
}
