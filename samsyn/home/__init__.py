"""What people meet first: the front page, today's page, the programme page, the thread of an item, receipts."""
