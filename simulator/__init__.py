"""A stand-in for the telephone network that speaks Twilio's protocol over HTTP and knows nothing of Ringback."""
