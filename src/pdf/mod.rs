//! A document to the octets of a PDF.
