"""What one stage made, in the words of the next: the filing as a case to be judged, and what was found as an audit."""
