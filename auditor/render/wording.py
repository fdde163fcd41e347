from auditor.wording import GROUP, LANGUAGES, Words, load  # noqa
