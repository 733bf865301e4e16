const axios = require('axios');

function handler(event) {
    return event.request;
}
