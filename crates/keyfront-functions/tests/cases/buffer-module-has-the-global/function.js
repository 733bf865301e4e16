import buffer from 'buffer';

function handler(event) {
    console.log([buffer.Buffer.from('x').toString('hex'), typeof buffer.Buffer.concat].map(String).join(' '));
    return event.request;
}
