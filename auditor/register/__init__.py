"""The register of filings: what arrived, what was found in it by which law, and who decided what. All of its SQL is here."""
