{
    "handler": true
}
