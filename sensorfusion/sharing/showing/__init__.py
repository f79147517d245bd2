"""Forms in which a link shows its values elsewhere than on its page: pictures, parts of other pages."""
