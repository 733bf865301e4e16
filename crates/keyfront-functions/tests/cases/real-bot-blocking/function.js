const BAD = /(curl|python-requests|scrapy|\bbot\b)/i;
const GOOD = /googlebot|bingbot/i;

const handler = (event) => {
    const agent = event.request.headers['user-agent'];
    const name = agent ? agent.value : '';
    if (name === '' || (BAD.test(name) && !GOOD.test(name))) {
        console.log(`blocked "${name}" from ${event.viewer.ip}`);
        return { statusCode: 403, statusDescription: 'Forbidden', body: 'no robots' };
    }
    return event.request;
};
