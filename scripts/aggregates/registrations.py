"""The explicit catalogues that must name every aggregate: what a new one adds to each.

Nothing registers itself (a static library would drop it silently), so each list gets a line, put beside the customer's.
"""
import re

from .names import Refused


def register(root, names):
    """The changed texts by path; nothing is written here."""
    edits = Edits(root, names)
    edits.after("schemas/catalogue.cpp", r'#include "schemas/customers/customer\.h"', '#include "schemas/@context@/@name@.h"')
    edits.after("schemas/catalogue.cpp", r"\s*contracts\.push_back\(customer_contract\(\)\);",
                "        contracts.push_back(@name@_contract());")
    add_rights(edits)
    routes = edits.file_with("api", r"\badd_customer_routes\(", but="api/customers/")
    edits.after(routes, r'#include "api/customers/customers\.h"', '#include "api/@context@/@plural@.h"')
    edits.again(routes, r".*\badd_customer_routes\(.*", ("add_customer_routes", "add_@name@_routes"))
    node = "api/cli/node.cpp"
    edits.after(node, r'#include "projections/customers/customers\.h"', '#include "projections/@context@/@plural@.h"')
    edits.again(node, r".*all_collections\.push_back\(&projections::customers\(\)\);", ("customers()", "@plural@()"))
    # The item that answers show is folded beside the state, by the prefix of its stream.
    edits.again(node, r".*\bcustomer_fold = item_fold_of\(projections::customers\(\)\);",
                ("customer_fold", "@name@_fold"), ("customers()", "@plural@()"))
    edits.replace(node, r"(options\.items = .*?) : nullptr;",
                  r"\1 :\n                   prefix == @context@::@Name@::prefix ? &@name@_fold : nullptr;")
    return edits.texts


def add_rights(edits):
    """Three rights that reach as far as the customer's do, until the policy says otherwise."""
    edits.replace("commands/policy.h", r"(enum class Right \{.*?)(\n\};)", r"\1\n    @plural@_read, @plural@_write, @plural@_delete,\2")
    edits.replace("commands/policy.cpp", r'(right_names\{.*?)(\};)',
                  r'\1,\n                                 "@plural@.read", "@plural@.write", "@plural@.delete"\2')
    edits.replace("commands/policy.cpp", r"( *//  +c\.read.*)", r"\1  @plural@: read write delete")
    edits.replace("commands/policy.cpp", r"(/\* \w+ *\*/ \{\{)((?:\w+, ){3})(.*?)(\}\},)",
                  lambda row: f"{row[1]}{row[2]}{row[3]}, {row[2].rstrip(', ')}{row[4]}", times=9)


class Edits:
    def __init__(self, root, names):
        self.root, self.names, self.texts = root, names, {}

    def text(self, path):
        full = self.root / path
        if full not in self.texts and not full.exists():
            raise Refused(f"{path} is not there, where new aggregates are registered: mend scripts/aggregates/registrations.py.")
        return self.texts.get(full) or full.read_text()

    def file_with(self, folder, pattern, but):
        for path in sorted((self.root / folder).rglob("*.cpp")):
            name = path.relative_to(self.root).as_posix()
            if not name.startswith(but) and re.search(pattern, path.read_text()):
                return name
        raise Refused(f"no file under {folder}/ matches {pattern}: mend scripts/aggregates/registrations.py.")

    def replace(self, path, pattern, replacement, times=1):
        """Pattern and replacement as of re.sub; names in the replacement are filled in."""
        filled = self.names.fill(replacement) if isinstance(replacement, str) else replacement
        text, count = re.subn(pattern, filled, self.text(path), flags=re.DOTALL if ".*?" in pattern and times == 1 else 0)
        if count < times:
            raise Refused(f"{path} looks different than expected ({pattern}): mend scripts/aggregates/registrations.py.")
        self.texts[self.root / path] = text

    def after(self, path, line_pattern, line):
        """Adds the line after the one that matches."""
        self.replace(path, rf"(?m)^({line_pattern})$", lambda match: match[1] + "\n" + self.names.fill(line))

    def again(self, path, line_pattern, *swaps):
        """Adds the line that matches once more, with names swapped."""
        def twice(match):
            line = match[1]
            for old, new in swaps:
                line = line.replace(old, self.names.fill(new))
            return match[1] + "\n" + line
        self.replace(path, rf"(?m)^({line_pattern})$", twice)
