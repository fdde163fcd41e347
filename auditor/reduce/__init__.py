"""What of an audit may be published: an allow-list that a commission can change, and keys in place of persons."""
