"""What the interoperability tests want from a log. OwnLog is one; a live server is to be another."""

import abc
import hashlib


def origin_for(public_key):
    """The only origin that sigsum-witness takes for a log with that key."""
    return "sigsum.org/v1/tree/" + hashlib.sha256(public_key).hexdigest()


class LogSource(abc.ABC):
    """One log of one ledger, served over HTTP as tlog-tiles has it.

    Attributes, set once the constructor returns:
      base_url  of the log, without a slash at its end: <base_url>/checkpoint, <base_url>/tile/…
      bearer    an auditor's key, which tiles and entries need and the checkpoint doesn't
      signer    note.Signer of the log's key. The log's origin is its name and must
                be origin_for(its public key). With it the tests sign forks, as a log would that
                lies.
    The constructor leaves the log with at least one entry and a published checkpoint.
    """

    base_url: str
    bearer: str
    signer = None

    @abc.abstractmethod
    def grow(self):
        """Adds entries and returns True when a larger checkpoint is published; False, with nothing
        changed, once it has shown all that it wants to show. At the end its size is over 65,536,
        so that levels 0, 1 and 2 occur."""

    @abc.abstractmethod
    def inclusion_proof(self, index):
        """A c2sp.org/tlog-proof@v1 of an entry in the newest checkpoint, bytes, by the log's own
        means: for a server its receipts or its RPC, not something made from tiles."""

    @abc.abstractmethod
    def consistency_proof(self, old_size, new_size):
        """RFC 6962's proof as a list of hashes, by the log's own means too."""

    @abc.abstractmethod
    def close(self):
        """Ends what it started."""
