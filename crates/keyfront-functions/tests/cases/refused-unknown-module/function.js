import axios from 'axios';

function handler(event) {
    return event.request;
}
