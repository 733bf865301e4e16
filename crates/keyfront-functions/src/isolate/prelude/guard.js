function (charge) {
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const { call } = Function.prototype;
  const apply = call.bind(Function.prototype.apply);
  const { isConcatSpreadable } = Symbol;
  const text = String;

  // Puts `make(native, original)` in the place of a native, if there is one. `native` takes what it calls `this` first.
  function replace(holder, name, make) {
    const own = getOwnPropertyDescriptor(holder, name);
    if (own === undefined || typeof own.value !== "function") return;
    const guarded = make(call.bind(own.value), own.value)[name];
    defineProperty(guarded, "length", { value: own.value.length, configurable: true });
    defineProperty(holder, name, { value: guarded, writable: true, enumerable: false, configurable: true });
  }

  // Natives that go through an array by its length, whether anything is in it or not.
  const LONG = 4096;
  function goThrough(list) {
    if (isArray(list)) {
      if (list.length > LONG) charge(list.length / 4);
    } else if (typeof list === "object" && list !== null && !isView(list)) {
      // What looks like an array has the length that it says, and says the same when it is asked again.
      const own = getOwnPropertyDescriptor(list, "length");
      const known = own === undefined ? list.length === undefined : typeof own.value !== "object" && "value" in own;
      if (!known) throw new TypeError("length of an array-like object must be a plain property");
      if (own !== undefined && own.value > LONG) charge(own.value / 4);
    }
  }
  for (const name of ["copyWithin", "fill", "reverse", "slice", "splice", "unshift"]) {
    replace(Array.prototype, name, (_, original) => ({
      [name]() { goThrough(this); return apply(original, this, arguments); },
    }));
  }
  for (const name of ["join", "shift", "sort"]) {
    replace(Array.prototype, name, (native) => ({
      [name](given) { goThrough(this); return native(this, given); },
    }));
  }
  replace(Array.prototype, "concat", (_, original) => ({
    concat() {
      goThrough(this);
      for (let i = 0; i < arguments.length; i++) {
        const one = arguments[i];
        if (isArray(one) || (typeof one === "object" && one !== null && one[isConcatSpreadable])) goThrough(one);
      }
      return apply(original, this, arguments);
    },
  }));
  replace(JSON, "stringify", (native) => ({
    stringify(value, replacer, space) {
      if (isArray(replacer)) goThrough(replacer);
      // A replacer is called for each member, which the engine counts. Without one, an object that is reached by many
      // ways would be written for each of them unseen.
      const each = typeof replacer === "function" || isArray(replacer) ? replacer : (key, member) => member;
      const result = native(JSON, value, each, space);
      if (typeof result === "string" && result.length > LONG) charge(result.length / 16);
      return result;
    },
  }));
  replace(JSON, "parse", (native) => ({
    parse(json, reviver) {
      if (typeof json === "string" && json.length > LONG) charge(json.length / 8);
      return native(JSON, json, reviver);
    },
  }));

  // Searches, whose time is the product of both lengths at worst.
  const MUCH = 65536;
  function search(string, needle) {
    const most = string.length * (needle.length + 1);
    if (most > MUCH) charge(string.length / 16 + most / 512);
  }
  const plain = (value) => (typeof value === "object" && value !== null) || typeof value === "function"
    ? text(value) : value;
  for (const name of ["includes", "indexOf", "lastIndexOf"]) {
    replace(String.prototype, name, (native) => ({
      [name](needle, from) {
        if (typeof this === "string" && typeof needle === "string") {
          search(this, needle);
          return native(this, needle, from);
        }
        if (this === undefined || this === null) return native(this, needle, from);
        // In njs a regular expression is a text, here as well.
        const string = text(this), sought = plain(needle);
        search(string, text(sought));
        return native(string, sought, from);
      },
    }));
  }
  for (const [name, symbol] of [["replace", Symbol.replace], ["replaceAll", Symbol.replace], ["split", Symbol.split]]) {
    replace(String.prototype, name, (native) => ({
      [name](needle, other) {
        if (typeof this === "string" && typeof needle === "string") {
          search(this, needle);
          return native(this, needle, other);
        }
        if (this === undefined || this === null) return native(this, needle, other);
        // A needle with a method of its own does the search itself.
        if (needle !== undefined && needle !== null && needle[symbol] !== undefined) return native(this, needle, other);
        const string = text(this), sought = plain(needle);
        search(string, text(sought));
        return native(string, sought, other);
      },
    }));
  }

  // njs gives one character for each, where the language gives several for some, and looks at no neighbours. So the
  // language's result is njs's, unless it has another length, or a sigma for the end of a word.
  const contains = call.bind(String.prototype.includes);
  replace(String.prototype, "toUpperCase", (native) => ({
    toUpperCase() {
      if (typeof this === "string" && this.length > LONG) charge(this.length / 16);
      const result = native(this);
      return result.length === this.length ? result : oneByOne(text(this), native, upper);
    },
  }));
  replace(String.prototype, "toLowerCase", (native) => ({
    toLowerCase() {
      if (typeof this === "string" && this.length > LONG) charge(this.length / 16);
      const result = native(this);
      if (result.length === this.length && !contains(result, "\u03c2")) return result;
      return oneByOne(text(this), native, (character) => (character === "\u0130" ? "i" : character));
    },
  }));
  function oneByOne(string, native, longer) {
    let result = "";
    for (let i = 0; i < string.length;) {
      const character = characterAt(string, i), cased = native(character);
      result += cased.length === character.length ? cased : longer(character);
      i += character.length;
    }
    return result;
  }
  // What one character is for whatever the language gives several for: Greek letters with an iota below have a form of
  // their own, and all others stay as they are.
  const WITH_IOTA = [
    ["\u1f80\u1f81\u1f82\u1f83\u1f84\u1f85\u1f86\u1f87", "\u1f88\u1f89\u1f8a\u1f8b\u1f8c\u1f8d\u1f8e\u1f8f"],
    ["\u1f90\u1f91\u1f92\u1f93\u1f94\u1f95\u1f96\u1f97", "\u1f98\u1f99\u1f9a\u1f9b\u1f9c\u1f9d\u1f9e\u1f9f"],
    ["\u1fa0\u1fa1\u1fa2\u1fa3\u1fa4\u1fa5\u1fa6\u1fa7", "\u1fa8\u1fa9\u1faa\u1fab\u1fac\u1fad\u1fae\u1faf"],
    ["\u1fb3\u1fc3\u1ff3", "\u1fbc\u1fcc\u1ffc"],
  ];
  const indexIn = call.bind(String.prototype.indexOf);
  function upper(character) {
    for (let i = 0; i < WITH_IOTA.length; i++) {
      const index = indexIn(WITH_IOTA[i][0], character);
      if (index >= 0) return WITH_IOTA[i][1][index];
    }
    return character;
  }
  // The character that begins at an index: two units where they are a pair.
  function characterAt(string, index) {
    const first = string[index], second = string[index + 1];
    const isPair = first >= "\ud800" && first <= "\udbff" && second >= "\udc00" && second <= "\udfff";
    return isPair ? first + second : first;
  }

  for (const name of ["trim", "trimStart", "trimEnd"]) {
    replace(String.prototype, name, (native) => ({
      [name]() {
        if (typeof this === "string" && this.length > LONG) charge(this.length / 16);
        return native(this);
      },
    }));
  }
  for (const name of ["startsWith", "endsWith"]) {
    replace(String.prototype, name, (native) => ({
      [name](needle, from) {
        if (typeof needle === "string" && needle.length > LONG) charge(needle.length / 16);
        return native(this, needle instanceof RegExp ? text(needle) : needle, from);
      },
    }));
  }
  for (const name of ["repeat", "padStart", "padEnd"]) {
    replace(String.prototype, name, (native) => ({
      [name](most, fill) {
        const result = native(this, most, fill);
        if (result.length > LONG) charge(result.length / 16);
        return result;
      },
    }));
  }

  // Natives that read a text from one end to the other.
  for (const name of ["parseInt", "parseFloat", "decodeURI", "decodeURIComponent"]) {
    replace(globalThis, name, (native) => ({
      [name](given, base) {
        if (typeof given === "string" && given.length > LONG) charge(given.length / 8);
        return native(undefined, given, base);
      },
    }));
  }
  for (const name of ["encodeURI", "encodeURIComponent"]) {
    replace(globalThis, name, (native) => ({
      [name](given) {
        if (typeof given === "string" && given.length > LONG) charge(given.length / 8);
        try {
          return native(undefined, given);
        } catch (error) {
          // njs has no halves of pairs.
          if (typeof given !== "string" || !(error instanceof URIError)) throw error;
          return native(undefined, wellFormed(given));
        }
      },
    }));
  }
  function wellFormed(string) {
    let result = "";
    for (let i = 0; i < string.length;) {
      const character = characterAt(string, i);
      result += character >= "\ud800" && character <= "\udfff" && character.length === 1 ? "\ufffd" : character;
      i += character.length;
    }
    return result;
  }

  // Natives that go through bytes or members, which are there.
  const MANY = 256;
  const bytes = Object.getPrototypeOf(Uint8Array.prototype);
  for (const name of ["set", "sort", "join", "toString", "indexOf", "lastIndexOf", "includes", "reverse", "fill"]) {
    replace(bytes, name, (_, original) => ({
      [name]() {
        if (isView(this) && this.length > LONG) charge(this.length / 16);
        return apply(original, this, arguments);
      },
    }));
  }
  for (const name of ["keys", "values", "entries"]) {
    replace(Object, name, (native) => ({
      [name](given) {
        const result = native(Object, given);
        if (result.length > MANY) charge(result.length * 4);
        return result;
      },
    }));
  }
}
