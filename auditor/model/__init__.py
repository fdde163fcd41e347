"""The words of an audit: places, problems, findings, coverage. Plain frozen values, no behaviour beyond themselves."""
