function handler(event) {
    console.log('first', 'second');
    console.log('a' + ' ' + 'b');
    console.log(`${1} and ${2}`);
    return event.request;
}
