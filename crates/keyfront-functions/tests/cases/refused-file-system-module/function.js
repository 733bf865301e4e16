const fs = require('fs');

function handler(event) {
    return event.request;
}
