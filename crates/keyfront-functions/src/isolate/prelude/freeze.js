function (require) {
  const { defineProperty, freeze, getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols,
    getPrototypeOf, isExtensible } = Object;

  // What inherits a frozen property cannot be given one of the same name by assignment, though ordinary code does
  // that with these. With an accessor in the property's place it can.
  function giveWay(holder, keys) {
    for (const key of keys) {
      const own = getOwnPropertyDescriptor(holder, key);
      if (own === undefined || !("value" in own) || !own.configurable) continue;
      const value = own.value;
      const accessor = {
        get() { return value; },
        set(next) {
          if (this === holder || (typeof this !== "object" && typeof this !== "function")) {
            throw new TypeError('Cannot assign to read-only property "' + key + '" of object');
          }
          defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
        },
      };
      freeze(accessor.get);
      freeze(accessor.set);
      defineProperty(holder, key, {
        get: accessor.get, set: accessor.set, enumerable: own.enumerable, configurable: false,
      });
    }
  }

  giveWay(Object.prototype, getOwnPropertyNames(Object.prototype));
  for (const constructor of [Array, Date, Function, Promise, RegExp]) {
    giveWay(constructor.prototype, ["constructor", "toString", "valueOf", "toJSON", "join", "then", "catch", "finally",
      "exec", "test", "call", "apply", "bind"]);
  }
  for (const name of getOwnPropertyNames(globalThis)) {
    // Properties that are made on first use hold no error constructors.
    const { value } = getOwnPropertyDescriptor(globalThis, name);
    if (typeof value === "function" && (value === Error || getPrototypeOf(value) === Error)) {
      giveWay(value.prototype, ["constructor", "name", "message", "toString"]);
    }
  }

  function reach(value) {
    if (value === null || (typeof value !== "object" && typeof value !== "function") || !isExtensible(value)) return;
    const names = getOwnPropertyNames(value);
    freeze(value);
    reach(getPrototypeOf(value));
    for (const key of names.concat(getOwnPropertySymbols(value))) {
      const own = getOwnPropertyDescriptor(value, key);
      if ("value" in own) {
        reach(own.value);
      } else {
        reach(own.get);
        reach(own.set);
      }
    }
  }
  reach(globalThis);
  reach(require);
  // What no name leads to, but a value of each kind does.
  for (const value of [async () => {}, function* () {}, async function* () {}]) reach(getPrototypeOf(value));
  for (const value of [[], "", new Uint8Array(0)]) {
    if (typeof value[Symbol.iterator] === "function") reach(getPrototypeOf(value[Symbol.iterator]()));
  }
  if (typeof "".matchAll === "function") reach(getPrototypeOf("".matchAll(/x/g)));
}
