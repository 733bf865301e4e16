(function () {
    globalThis.handler = function (event) {
        return event.request;
    };
})();
