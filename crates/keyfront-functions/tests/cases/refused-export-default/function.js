export default handler;

function handler(event) {
    return event.request;
}
