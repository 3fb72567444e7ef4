"""The scripted show: viewers who type through real sockets, and what their answers must hold."""
