"""The names of one aggregate in every form in which the layers need them."""
import re


class Refused(Exception):
    """Why nothing was done, in one sentence that says what to do."""


class Names:
    def __init__(self, context, name, plural=None):
        plural = plural or plural_of(name)
        words = name.replace("_", " ")
        title = "".join(word.capitalize() for word in name.split("_"))
        titles = "".join(word.capitalize() for word in plural.split("_"))
        self.forms = {
            "context": context,
            "name": name, "Name": title,                          # files, functions; types
            "plural": plural, "Plural": plural.replace("_", " ").capitalize(),
            "words": words, "plural_words": plural.replace("_", " "),
            "item": title[0].lower() + title[1:],                 # members of JSON
            "items": titles[0].lower() + titles[1:],
            "path": plural.replace("_", "-"),
            "stream": name.replace("_", ""),                      # prefix of streams and event types
        }

    def __getitem__(self, form):
        return self.forms[form]

    def fill(self, template):
        return re.sub(r"@(\w+)@", lambda match: self.forms[match[1]], template)


def plural_of(name):
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")
