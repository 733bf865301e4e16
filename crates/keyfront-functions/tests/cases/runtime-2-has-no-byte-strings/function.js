function handler(event) {
    console.log([typeof String.bytesFrom, typeof 'a'.toBytes, typeof 'a'.toUTF8, typeof 'a'.fromUTF8, typeof 'a'.fromBytes].map(String).join(' '));
    return event.request;
}
