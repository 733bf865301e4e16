function handler(event) {
    // one line
    /* several
       lines */
    let x = 1; /* inside */ x += /* here */ 1; // end
    console.log(x);
    return event.request;
}
