"""The desk for data stewards, in the browser: pages that call one use case each and show it."""
