function handler(event) {
	console.log('crlf');
	return event.request;
}
