"""The programme and its storyboard, activities, roles, audiences, guests; the interface of the kinds."""
