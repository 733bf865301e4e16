function handler(event) {
    var bytes = 'é'.toUTF8();
    console.log([bytes.length, bytes.fromUTF8(), 'abc'.toBytes().length, 'é'.length].map(String).join(' '));
    return event.request;
}
