from auditor.masking import harmless, is_personal, mask_within, masked  # noqa
