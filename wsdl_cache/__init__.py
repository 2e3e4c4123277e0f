"""The WSDL documents that SOAP needs, shipped so that none is fetched; ``index.ini`` says where each is from."""
