/*
 * Goes before a function's code, on the code's own first line, so that njs names the code's lines.
 * It makes the command line njs what CloudFront makes of it, and runs the handler once the code has run.
 * Lines are joined: write no comment that ends with its line.
 */
(function (world, scene) {
    var print = world.print, later = world.setImmediate, log = world.console.log;
    var stringify = JSON.stringify, Clock = world.Date;

    function Date(year, month, day, hours, minutes, seconds, ms) {
        if (!(this instanceof Date)) { return new Clock(scene.now).toString(); }
        switch (arguments.length) {
        case 0: return new Clock(scene.now);
        case 1: return new Clock(year);
        case 2: return new Clock(year, month);
        case 3: return new Clock(year, month, day);
        case 4: return new Clock(year, month, day, hours);
        case 5: return new Clock(year, month, day, hours, minutes);
        case 6: return new Clock(year, month, day, hours, minutes, seconds);
        }
        return new Clock(year, month, day, hours, minutes, seconds, ms);
    }
    Object.defineProperty(Date, 'prototype', { value: Clock.prototype });
    Object.defineProperty(Clock.prototype, 'constructor', { value: Date, writable: true, configurable: true });
    Date.parse = Clock.parse;
    Date.UTC = Clock.UTC;
    Date.now = function () { return scene.now; };
    world.Date = Date;

    /* AWS: console.log() takes one argument. */
    world.console = {
        log: function (value) { print('\u0001log'); if (arguments.length > 0) { log(value); } else { log(); } }
    };
    ['$262', 'clearTimeout', 'global', 'njs', 'print', 'process', 'setImmediate', 'setTimeout'].forEach(
        function (name) { delete world[name]; });

    Object.defineProperty(world, '__scene', { value: scene });

    /* The query string of a test event is made from its parameters. */
    var parts = [], query = scene.event.request.querystring;
    Object.keys(query).forEach(function (name) {
        (query[name].multiValue || [query[name]]).forEach(function (item) { parts.push(name + '=' + item.value); });
    });
    var raw = parts.length > 0 ? parts.join('&') : undefined;
    Object.defineProperty(scene.event.request, 'rawQueryString', { value: function () { return raw; } });

    function tell(outcome) { print('\u0002outcome ' + stringify(outcome)); }
    function failed(error) {
        var text;
        try { text = String(error); } catch (e) { text = 'a value without a text'; }
        tell({ failure: text });
    }
    function returned(value) { tell(value === undefined ? {} : { value: value }); }

    later(function () {
        var answer;
        try { answer = handler(scene.event); } catch (error) { failed(error); return; }
        if (answer instanceof Promise) { answer.then(returned, failed); } else { returned(answer); }
    });
})
