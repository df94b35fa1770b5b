"""How static files are named and compressed for delivery by WhiteNoise."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, also inside the `import` lines of our ES modules."""

    support_js_module_import_aggregation = True
