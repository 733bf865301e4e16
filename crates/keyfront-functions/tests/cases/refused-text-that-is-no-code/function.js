<html>
<body></body>
</html>
