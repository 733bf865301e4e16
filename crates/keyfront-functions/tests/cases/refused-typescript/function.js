function handler(event: any): any {
    return event.request;
}
