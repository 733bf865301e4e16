function handler(event) {
    console.log([event.version, event.context.eventType, event.context.distributionId, event.context.distributionDomainName, event.viewer.ip, typeof event.context.requestId, typeof event.response].map(String).join(' '));
    return event.request;
}
